"""Wan on Alibaba Cloud Model Studio (DashScope)."""
