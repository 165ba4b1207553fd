"""Sales: leads, deals in pipelines, quotes, forecasts, goals."""
