"""The instructor's side: what turns answer records into grades inside nbgrader. Learners' code never imports it."""
