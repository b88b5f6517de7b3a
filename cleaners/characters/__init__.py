"""Characters: width and script folded for comparing; Simplified and Traditional."""
