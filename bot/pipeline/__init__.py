"""The life of one job: admission, drawing, finishing, delivery, recovery, and what people see meanwhile."""
