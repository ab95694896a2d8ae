"""The pages, one module each with `render(desk)`; `apps.operator.menu.PAGES` names them."""
