"""What leaves the portal: one inbox, with a face for each kind of gateway a portal may use."""
