"""How embedding, searching and fusing grow with the library, from ten thousand passages to a million."""
