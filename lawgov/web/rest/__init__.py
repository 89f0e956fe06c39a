"""What all endpoints under /api/v1/ share: permission, bodies, errors, paging, repeats, schema."""
