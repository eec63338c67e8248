"""What django-allauth, Django and the database call: adapters, forms, signals and triggers."""
