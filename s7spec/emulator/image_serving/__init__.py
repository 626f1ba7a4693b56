"""Image serving: the pictures of the catalog by URL, rendered as an export would render them."""
