"""What the screens say, a module a page: `TEXTS`, key -> Indonesian and English; `apps.operator.messages` gathers them."""
