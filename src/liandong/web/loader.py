"""Templates are written in plain Chinese; as they are loaded, every run of it becomes an entry of the catalogue."""

from django.template.loaders.app_directories import Loader as Directories

from liandong.words.runs import marked


class Loader(Directories):
    """Django's loader of the apps' own templates, with their sentences marked (words/runs.py)."""

    def get_contents(self, origin) -> str:
        return marked(super().get_contents(origin))
