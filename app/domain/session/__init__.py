"""The committee's sessions and the absences of its seats, as the comments of their issues tell them."""
