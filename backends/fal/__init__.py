"""Wan on fal's queue.

endpoints  the models as a table, and an order in each one's words
offer      settings → an endpoint for each mode
faults     fal's complaints → our errors
lookup     a request whose answer was lost
backend    the port
"""
