"""One module per style: what changes in the drawing, not only in its colours."""
