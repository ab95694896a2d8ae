"""Gates between the stages of the pipeline (§12.2, §12.8): what must hold before the next stage may begin."""
