"""From a published config.json to a `Model`: one module for each family of layers."""
