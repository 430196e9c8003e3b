"""ComfyUI on our own GPUs: an operator's workflow, or one of ours for Wan 2.2.

profiles.toml  our workflows as data: lengths, sizes, frame rates, where each value goes
graph          a workflow as a graph: format, links, which node waits for which
recipe         one workflow made ready to be filled in with an order
menu           which recipe draws which mode, from the settings
check          a workflow against what a server has installed
look           what a server says of one job, in our words
trouble        what a server's errors mean in our error tree
progress       websocket messages into an honest fraction and a preview
ear            the websocket: listens, reconnects
server         one server: queue length, lookup, upload, send, cancel
fleet          all servers: the least busy one, who has the order
backend        the port
"""
