"""The steps of a deployment as a graph: what has to be made, started and asked, in which order."""
