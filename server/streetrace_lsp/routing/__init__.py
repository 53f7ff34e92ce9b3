"""Which target serves a task, and how it is called: the model host's client."""
