"""Everything admins choose for their community, in chat: step by step, by word, or moved from another one."""
