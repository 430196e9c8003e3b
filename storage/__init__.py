"""Who remembers for us: the records, the votes, the files, and who carries jobs out."""
