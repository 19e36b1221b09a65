"""Facts become what GitHub must show."""
