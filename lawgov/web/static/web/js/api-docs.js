// Starts Swagger UI on the page of the API; calls from the page go with the session of the browser.

const place = document.getElementById("api-docs");

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  docExpansion: "none",
  // Signed in by the session already; a button that asks for tokens would only mislead.
  requestInterceptor(request) {
    if (new URL(request.url, location.href).origin === location.origin) {
      request.headers["X-CSRFToken"] = place.dataset.csrf;
    }
    return request;
  },
  validatorUrl: null,
});
