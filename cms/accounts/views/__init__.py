"""Workbench pages of the accounts: staff and their roles, invitations, the queue of links."""
