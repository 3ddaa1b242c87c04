-- A graph of roads: built in one call, asked for the shortest way and for what matters most, drawn for Graphviz.
--
--   llmspell run examples/graph-routes.lua
--
-- Prints a route, the busiest town, an order for tasks, and the drawing.

local roads = Tool.execute("graph-builder", {
  operation = "create_graph",
  graph_type = "undirected",
  nodes = { "Oslo", "Bergen", "Trondheim", "Bodo" },
  edges = {
    { from = "Oslo", to = "Bergen", weight = 7 },
    { from = "Oslo", to = "Trondheim", weight = 6 },
    { from = "Bergen", to = "Trondheim", weight = 14 },
    { from = "Trondheim", to = "Bodo", weight = 10 },
  },
}).result

local route = Tool.execute("graph-builder", { operation = "shortest_path", graph = roads, from = "Bergen", to = "Bodo" }).result
print(("route:   %s (%d hours)"):format(table.concat(route.path, " - "), route.weight))

local ranking = Tool.execute("graph-builder", { operation = "centrality", graph = roads, measure = "betweenness" }).result
print("busiest: " .. ranking.scores[1].id)

local tasks = Tool.execute("graph-builder", { operation = "import", input = "digraph { buy -> cook -> eat; lay -> eat }" }).result
local order = Tool.execute("graph-builder", { operation = "topological_sort", graph = tasks }).result.order
print("order:   " .. table.concat(order, ", "))

io.write(Tool.execute("graph-builder", { operation = "export", format = "dot", graph = tasks }).text)
