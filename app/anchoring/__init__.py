"""The room of anchors: others are asked to vouch for our register, after the fact and apart from the turns."""
