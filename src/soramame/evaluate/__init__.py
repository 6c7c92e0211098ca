"""How good a model is: numbers and pictures that decide whether newer weights replace older ones."""
