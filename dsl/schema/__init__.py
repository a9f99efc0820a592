"""What blocks, fields, types and words the language has, as data (`language.json`)."""
