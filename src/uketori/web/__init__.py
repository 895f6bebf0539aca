"""What every page shares: base page, components, styles, error pages, health."""
