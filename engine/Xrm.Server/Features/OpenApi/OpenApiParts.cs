namespace Xrm.Server.Features.OpenApi;

/// <summary>What every OpenAPI document has, whatever the model.</summary>
internal static class OpenApiParts
{
    /// <summary>The document without entities.</summary>
    public const string Frame = """
        {
          "openapi": "3.1.0",
          "info": { "title": "Xrm", "version": "", "description": "Generated from the published metadata, for the caller who asks." },
          "security": [{ "session": [] }, { "token": [] }],
          "paths": {
            "/api/auth/sign-in": { "post": {
              "operationId": "sign_in", "summary": "Sign in", "tags": ["Auth"], "security": [],
              "requestBody": { "required": true, "content": { "application/json": { "schema": { "type": "object", "required": ["userName", "password"],
                "properties": { "userName": { "type": "string" }, "password": { "type": "string", "format": "password" } } } } } },
              "responses": { "200": { "description": "Signed in; the session cookie is set." }, "401": { "$ref": "#/components/responses/problem" }, "429": { "$ref": "#/components/responses/problem" } } } },
            "/api/auth/sign-out": { "post": { "operationId": "sign_out", "summary": "Sign out", "tags": ["Auth"], "responses": { "204": { "description": "Signed out." } } } },
            "/api/auth/me": { "get": { "operationId": "me", "summary": "Who is signed in", "tags": ["Auth"], "responses": { "200": { "description": "The user." }, "401": { "$ref": "#/components/responses/problem" } } } },
            "/api/auth/password": { "post": {
              "operationId": "change_password", "summary": "Change the own password", "tags": ["Auth"],
              "requestBody": { "required": true, "content": { "application/json": { "schema": { "type": "object", "required": ["current", "next"],
                "properties": { "current": { "type": "string", "format": "password" }, "next": { "type": "string", "format": "password" } } } } } },
              "responses": { "204": { "description": "Changed." }, "400": { "$ref": "#/components/responses/problem" } } } },
            "/api/metadata/application": { "get": { "operationId": "application", "summary": "What screens are generated from", "tags": ["Metadata"], "responses": { "200": { "description": "Apps, entities, forms and views." } } } },
            "/api/data": { "get": { "operationId": "service_document", "summary": "The collections", "tags": ["Metadata"], "responses": { "200": { "description": "OData service document." } } } },
            "/api/data/$metadata": { "get": { "operationId": "csdl", "summary": "The model in OData's language", "tags": ["Metadata"], "responses": { "200": { "description": "CSDL.", "content": { "application/xml": {} } } } } },
            "/api/files": { "post": {
              "operationId": "upload_file", "summary": "Upload a file", "tags": ["Files"],
              "description": "The file belongs to its uploader until a record is saved with its id in a file field. Send a form with one file, or the bytes as they are with the name in the query. 25 MiB at most; what no record holds after a day is removed.",
              "parameters": [{ "name": "name", "in": "query", "description": "File name, where the body is not a form.", "schema": { "type": "string" } }],
              "requestBody": { "required": true, "content": {
                "multipart/form-data": { "schema": { "type": "object", "required": ["file"], "properties": { "file": { "type": "string", "format": "binary" } } } },
                "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } } },
              "responses": { "201": { "description": "Stored.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/file" } } } },
                "400": { "$ref": "#/components/responses/problem" }, "413": { "$ref": "#/components/responses/problem" } } } },
            "/api/data/$batch": { "post": {
              "operationId": "batch", "summary": "Many requests in one", "tags": ["Data"],
              "description": "Up to 1000 requests, each answered as if it had come alone. Those of an atomicity group are done as a whole or not at all. $id in a URL or in @odata.bind stands for the record of an earlier request. Without Prefer: odata.continue-on-error the first error ends the batch. multipart/mixed is answered likewise.",
              "requestBody": { "required": true, "content": { "multipart/mixed": { "schema": { "type": "string" } }, "application/json": { "schema": { "type": "object", "required": ["requests"], "properties": { "requests": { "type": "array", "maxItems": 1000, "items": {
                "type": "object", "required": ["id", "method", "url"], "properties": {
                  "id": { "type": "string" }, "method": { "type": "string", "enum": ["GET", "POST", "PATCH", "DELETE"] }, "url": { "type": "string" }, "atomicityGroup": { "type": "string" },
                  "dependsOn": { "type": "array", "items": { "type": "string" } }, "headers": { "type": "object", "additionalProperties": { "type": "string" } }, "body": {} } } } } } } } },
              "responses": { "200": { "description": "An answer for each request, in their order.", "content": { "application/json": { "schema": { "type": "object", "properties": { "responses": { "type": "array", "items": {
                "type": "object", "required": ["id", "status"], "properties": {
                  "id": { "type": "string" }, "atomicityGroup": { "type": "string" }, "status": { "type": "integer" }, "headers": { "type": "object", "additionalProperties": { "type": "string" } }, "body": {} } } } } } } } },
                "400": { "$ref": "#/components/responses/problem" }, "413": { "$ref": "#/components/responses/problem" } } } },
            "/api/changes": { "get": {
              "operationId": "changes", "summary": "Changes as they happen", "tags": ["Changes"],
              "description": "Server-sent events, one for each change of a record that the caller may read. Last-Event-ID goes on behind an event that was seen, without loss and without repetition.",
              "parameters": [
                { "name": "entities", "in": "query", "description": "Names of entities, with commas; all where it is missing.", "schema": { "type": "string" } },
                { "name": "select", "in": "query", "description": "Names of properties whose values come with a change; none where it is missing.", "schema": { "type": "string" } },
                { "name": "Last-Event-ID", "in": "header", "schema": { "type": "string" } }],
              "responses": { "200": { "description": "The stream; it ends with the session, or when rights or the model change.", "content": { "text/event-stream": { "schema": { "type": "string" } } } },
                "400": { "$ref": "#/components/responses/problem" }, "403": { "$ref": "#/components/responses/problem" }, "410": { "$ref": "#/components/responses/problem" }, "429": { "$ref": "#/components/responses/problem" } } } },
            "/api/search": { "get": {
              "operationId": "search", "summary": "Search everywhere", "tags": ["Search"],
              "description": "The records that fit best, of all entities with the feature search that the caller may read. What can be typed is that of $search. Answers within a few seconds; what was not ready by then is named.",
              "parameters": [
                { "name": "q", "in": "query", "required": true, "schema": { "type": "string", "maxLength": 200 } },
                { "name": "$top", "in": "query", "description": "Most records.", "schema": { "type": "integer", "minimum": 0, "maximum": 100, "default": 20 } },
                { "name": "entities", "in": "query", "description": "Only in these, with commas.", "schema": { "type": "string" } }],
              "responses": { "200": { "description": "What was found.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/found" } } } }, "400": { "$ref": "#/components/responses/problem" } } } },
            "/api/jobs": { "get": {
              "operationId": "list_jobs", "summary": "The newest jobs", "tags": ["Jobs"], "description": "The caller's own; for administrators those of all.",
              "responses": { "200": { "description": "The jobs, newest first.", "content": { "application/json": { "schema": { "type": "array", "items": { "$ref": "#/components/schemas/job" } } } } } } } },
            "/api/jobs/{id}": { "parameters": [{ "$ref": "#/components/parameters/id" }],
              "get": { "operationId": "get_job", "summary": "A job with its failures", "tags": ["Jobs"],
                "responses": { "200": { "description": "The job.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/job" } } } }, "404": { "$ref": "#/components/responses/problem" } } },
              "delete": { "operationId": "cancel_job", "summary": "Cancel a job", "tags": ["Jobs"],
                "responses": { "204": { "description": "Cancelled." }, "404": { "$ref": "#/components/responses/problem" }, "409": { "$ref": "#/components/responses/problem" } } } },
            "/api/files/{id}": { "parameters": [{ "$ref": "#/components/parameters/id" }], "get": {
              "operationId": "download_file", "summary": "Download a file", "tags": ["Files"],
              "description": "For its uploader until a record holds it; then for whoever may read that field of that record.",
              "responses": { "200": { "description": "The bytes.", "content": { "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } } }, "404": { "$ref": "#/components/responses/problem" } } } }
          },
          "components": {
            "securitySchemes": {
              "session": { "type": "apiKey", "in": "cookie", "name": "xrm_session" },
              "token": { "type": "http", "scheme": "bearer" }
            },
            "parameters": {
              "id": { "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } },
              "select": { "name": "$select", "in": "query", "description": "Names of the wanted properties, with commas.", "schema": { "type": "string" } },
              "filter": { "name": "$filter", "in": "query", "description": "Condition, e.g. status eq 'active' and account/industry in ('tech','trade').", "schema": { "type": "string", "maxLength": 16384 } },
              "orderby": { "name": "$orderby", "in": "query", "description": "Properties with asc or desc, with commas; may reach through lookups.", "schema": { "type": "string" } },
              "apply": { "name": "$apply", "in": "query", "description": "Groups instead of records, e.g. groupby((status),aggregate(value with sum as total)). The other options are about the result, and rows have what the steps name.", "schema": { "type": "string", "maxLength": 16384 } },
              "compute": { "name": "$compute", "in": "query", "description": "Values of the query's own, e.g. value mul 1.2 as gross.", "schema": { "type": "string", "maxLength": 16384 } },
              "expand": { "name": "$expand", "in": "query", "description": "Related records, e.g. account($select=name),lines($orderby=position).", "schema": { "type": "string" } },
              "search": { "name": "$search", "in": "query", "description": "Words that must all be found.", "schema": { "type": "string", "maxLength": 200 } },
              "top": { "name": "$top", "in": "query", "schema": { "type": "integer", "minimum": 0 } },
              "skip": { "name": "$skip", "in": "query", "schema": { "type": "integer", "minimum": 0, "maximum": 1000000 } },
              "count": { "name": "$count", "in": "query", "description": "Say how many records there are in all; estimate as the database guesses, at once for any size.", "schema": { "type": "string", "enum": ["true", "false", "estimate"] } },
              "prefer": { "name": "Prefer", "in": "header", "description": "odata.maxpagesize=N sets the page size; 50 without, at most 1000.", "schema": { "type": "string" } },
              "ifMatch": { "name": "If-Match", "in": "header", "description": "The ETag that was read: 412 where somebody else has changed the record since. * for any version of a record that is there.", "schema": { "type": "string" } },
              "token": { "name": "token", "in": "query", "required": true, "description": "As the link says.", "schema": { "type": "string" } },
              "all": { "name": "all", "in": "query", "description": "true: all records are meant.", "schema": { "type": "boolean" } },
              "deleted": { "name": "deleted", "in": "query", "description": "only: remove for good a record that lies in the recycle bin, named by its id.", "schema": { "type": "string", "enum": ["only"] } },
              "preview": { "name": "preview", "in": "query", "description": "true: only count the records.", "schema": { "type": "boolean" } },
              "format": { "name": "$format", "in": "query", "description": "json, also with odata.metadata=none, minimal or full and IEEE754Compatible=true, or csv for all records as a file: csv;labels=true for headings that people read, bom=true for Excel, formulas=keep for programs that are no spreadsheets. Accept: text/csv means the same.", "schema": { "type": "string" } },
              "idempotencyKey": { "name": "Idempotency-Key", "in": "header", "description": "The same request with the same key is carried out once; keys are kept for 24 hours.", "schema": { "type": "string", "minLength": 1, "maxLength": 200 } },
              "ifNoneMatch": { "name": "If-None-Match", "in": "header", "description": "* creates only: 412 where the record is there.", "schema": { "type": "string", "enum": ["*"] } }
            },
            "responses": {
              "problem": { "description": "What is wrong.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } } } }
            },
            "schemas": {
              "problem": { "type": "object", "required": ["type", "title", "status", "code"], "properties": {
                "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" }, "detail": { "type": "string" },
                "code": { "type": "string", "description": "Stable; never reused." }, "traceId": { "type": "string" },
                "errors": { "type": "array", "items": { "type": "object", "properties": { "field": { "type": ["string", "null"] }, "code": { "type": "string" }, "message": { "type": "string" } } } },
                "error": { "type": "object", "description": "The same in the words of OData.", "required": ["code", "message"], "properties": {
                  "code": { "type": "string" }, "message": { "type": "string" }, "target": { "type": "string", "description": "The one property at fault." },
                  "details": { "type": "array", "items": { "type": "object", "required": ["code", "message"], "properties": { "code": { "type": "string" }, "message": { "type": "string" }, "target": { "type": "string" } } } } } } } },
              "messages": { "type": "array", "readOnly": true, "maxItems": 100, "description": "In the answer to a write: what rules tell the person who saved.", "items": { "type": "object", "required": ["kind", "message"], "properties": {
                "kind": { "type": "string", "enum": ["warning", "info"] }, "field": { "type": "string", "description": "What it is about; missing for the record as a whole." }, "message": { "type": "string" } } } },
              "file": { "type": "object", "required": ["id", "name", "size", "contentType"], "properties": {
                "id": { "type": "string", "format": "uuid" }, "name": { "type": "string" }, "size": { "type": "integer", "format": "int64", "description": "Bytes." },
                "contentType": { "type": "string", "description": "As the uploader said; not to be trusted." } } },
              "found": { "type": "object", "required": ["value", "entities"], "properties": {
                "value": { "type": "array", "description": "The best first.", "items": { "type": "object", "required": ["entity", "collection", "id"], "properties": {
                  "entity": { "type": "string" }, "collection": { "type": "string" }, "id": { "type": "string", "format": "uuid" }, "title": { "type": "string" }, "subtitle": { "type": "string" },
                  "found": { "type": "object", "properties": { "field": { "type": "string" }, "label": { "type": "string" }, "text": { "type": "string", "description": "Plain text." },
                    "matches": { "type": "array", "items": { "type": "object", "properties": {
                      "start": { "type": "integer", "description": "In UTF-16 units, from 0." }, "length": { "type": "integer" } } } } } } } } },
                "entities": { "type": "array", "items": { "type": "object", "properties": {
                  "entity": { "type": "string" }, "collection": { "type": "string" }, "label": { "type": "string" }, "count": { "type": "integer", "maximum": 100 }, "hasMore": { "type": "boolean" } } } },
                "isSimilar": { "type": "boolean", "description": "Nothing has the words: these have words like them." },
                "incomplete": { "type": "array", "description": "Entities that were not searched in time.", "items": { "type": "string" } } } },
              "rows": { "type": "object", "properties": { "value": { "type": "array", "items": { "type": "object", "required": ["row", "status"], "properties": {
                "row": { "type": "integer", "description": "Place in the array that was sent, from 0." }, "status": { "type": "integer", "description": "As if the record had been sent alone." },
                "id": { "type": "string", "format": "uuid" }, "@odata.etag": { "type": "string" }, "@xrm.messages": { "$ref": "#/components/schemas/messages" },
                "code": { "type": "string" }, "detail": { "type": "string" },
                "errors": { "$ref": "#/components/schemas/problem/properties/errors" } } } } } },
              "job": { "type": "object", "required": ["id", "kind", "collection", "query", "user", "state", "total", "done", "failed", "createdAt"], "properties": {
                "id": { "type": "string", "format": "uuid" }, "kind": { "type": "string", "enum": ["update", "delete", "recompute"] }, "collection": { "type": "string" }, "query": { "type": "string" }, "values": { "type": "object" },
                "user": { "type": "object", "properties": { "id": { "type": "string", "format": "uuid" }, "name": { "type": "string" } } },
                "state": { "type": "string", "enum": ["waiting", "running", "finished", "failed", "cancelled"] },
                "total": { "type": "integer", "format": "int64" }, "done": { "type": "integer", "format": "int64" }, "failed": { "type": "integer", "format": "int64", "description": "Records that could not be changed." },
                "createdAt": { "type": "string", "format": "date-time" }, "startedAt": { "type": "string", "format": "date-time" }, "finishedAt": { "type": "string", "format": "date-time" },
                "error": { "type": "object", "properties": { "code": { "type": "string" }, "detail": { "type": "string" } } },
                "failures": { "type": "array", "description": "The first 1000, where one job is asked for.", "items": { "type": "object", "properties": {
                  "recordId": { "type": "string", "format": "uuid" }, "code": { "type": "string" }, "detail": { "type": "string" }, "errors": { "$ref": "#/components/schemas/problem/properties/errors" } } } } } },
              "removed": { "type": "object", "required": ["@removed", "id"], "properties": {
                "@removed": { "type": "object", "properties": { "reason": { "type": "string", "enum": ["changed", "deleted"] } } }, "id": { "type": "string", "format": "uuid" } } },
              "run": { "type": "object", "properties": { "runId": { "type": "string", "format": "uuid" } } }
            }
          }
        }
        """;
}
