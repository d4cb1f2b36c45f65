import { parseJson } from '@/lib/json';

/** A mistake in one field, as the server reports it. */
export interface FieldError {
  field?: string;
  code: string;
  message: string;
}

/** A failed call. Status 0: the server was not reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly errors: FieldError[] = [],
    readonly traceId?: string,
    /** The whole answer. */
    readonly body?: unknown,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** An answer with what the headers say about it. */
export interface Answer<T> {
  data: T;
  etag: string | null;
}

/** What a call sends besides its address. */
export interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  errors?: FieldError[];
  traceId?: string;
}

/** What the client tells the application. */
export interface ClientEvents {
  /** The session is not valid (any more). */
  onUnauthorised(): void;
  /** Version of the published model, as the server names it on an answer. */
  onModelVersion(version: number): void;
}

async function toError(response: Response): Promise<ApiError> {
  const text = await response.text();
  let problem: Problem = {};
  try {
    problem = (text ? parseJson(text) : {}) as Problem;
  } catch {
    problem = {};
  }
  const message = problem.detail ?? problem.title ?? response.statusText;
  return new ApiError(response.status, problem.code ?? `http_${response.status}`, message, problem.errors ?? [], problem.traceId, problem);
}

/** The one way to the server. */
export class ApiClient {
  private organisation: string | null = null;

  constructor(private readonly events: ClientEvents) {}

  /** Has each call name the organisation that this page shows: where the browser has gone over to another one in another window, calls fail instead of meaning that one. */
  bindTo(organisation: string | null): void {
    this.organisation = organisation;
  }

  /** Calls the server; fails with {@link ApiError}. */
  async call<T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
    const response = await this.send(method, path, options);
    const version = Number(response.headers.get('X-Xrm-Model'));
    if (version > 0) this.events.onModelVersion(version);
    if (response.status === 401) this.events.onUnauthorised();
    if (!response.ok) throw await toError(response);
    const text = response.status === 204 ? '' : await response.text();
    return { data: (text ? parseJson(text) : undefined) as T, etag: response.headers.get('ETag') };
  }

  /** Reads one resource. */
  async get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return (await this.call<T>('GET', path, { signal })).data;
  }

  private async send(method: string, path: string, { body, headers, signal }: CallOptions): Promise<Response> {
    const isFile = body instanceof Blob;
    try {
      return await fetch(path, {
        method,
        signal: signal ?? null,
        credentials: 'same-origin',
        headers: { Accept: 'application/json', ...(this.organisation ? { 'X-Xrm-Org': this.organisation } : {}), ...(body === undefined || isFile ? {} : { 'Content-Type': 'application/json' }), ...headers },
        body: body === undefined ? null : isFile ? body : JSON.stringify(body),
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new ApiError(0, 'network', 'network');
    }
  }
}
