"""Re-checks: the queue, and the answers to one."""
