// The page at /api/v1/docs/: Swagger UI over our own schema. Nothing is asked of other hosts, and the key that
// somebody types stays in this page's memory.
const docs = document.getElementById("docs");
SwaggerUIBundle({
  url: docs.dataset.schema,
  domNode: docs,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  persistAuthorization: false,
  validatorUrl: null,
});
