"""What a Python user imports; loads nothing heavy until it is used."""
