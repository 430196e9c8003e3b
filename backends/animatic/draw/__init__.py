"""Drawing a performance into frames: place, figures, air, type and style."""
