"""Who writes the questions: the editor of a questionnaire."""
