// The page at /api/v1/docs/: Swagger UI with our own schema. It sends no request to other hosts, and keeps the key that
// a visitor enters in memory only.
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
