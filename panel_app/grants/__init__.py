"""Citizen grants: programmes, rounds, applications, awards."""
