"""What the targets share: table loading, argv building and the forms artifacts are written in."""
