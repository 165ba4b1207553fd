"""HR: employees, absences, training, goals and reviews, seen only by those whom they concern."""
