"""Skills, courses with their sessions, certificates, and what a position asks for."""
