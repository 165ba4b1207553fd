"""Goals: quotas, commission, activity goals, and what similar customers bought."""
