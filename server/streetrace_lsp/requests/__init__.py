"""One job, from a snapshot to a checked plan. No LSP in here."""
