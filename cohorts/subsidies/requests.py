"""The request that a view behind a gate gets."""

from cms.accounts.requests import SignedInRequest

__all__ = ["SignedInRequest"]
