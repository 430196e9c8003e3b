"""Servers with `/v1/videos`: SGLang Diffusion, vLLM-Omni, and others that speak the OpenAI shape.

dialects   how the servers differ, as a table
profiles   what the models draw, as a table
offer      settings → which server draws what
body       an order → what is posted
jobs       what a server says about an order → our words
faults     its complaints → our errors
lookup     an order whose answer was lost
backend    the port
"""
