// The room's first files follow.
