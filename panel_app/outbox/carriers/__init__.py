"""What carries messages out: nothing (a person does), SMTP, GOV.UK Notify, a folder of files."""
