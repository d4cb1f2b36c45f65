/** A record while somebody types: anything may still be missing. */
type InForm<R> = { [F in keyof R]: R[F] | null };

/** What a handler gives: nothing, at once or later. */
type Handled = void | Promise<void>;

/** Calls a function when the form is open, and again when the record was saved or loaded anew. */
declare function onLoad(run: () => Handled): void;
/** Calls a function when somebody has changed the field, or one of them; not for what scripts and rules have set. */
declare function onChange(field: RecordField | readonly RecordField[], run: () => Handled): void;
/** Calls a function before the record is sent, once the form finds nothing wrong with it. */
declare function onSave(run: () => Handled): void;

/** What a script wants of the form: from now on, until it says otherwise. */
declare const form: {
  /** Fields that must be filled. @param on False to take it back. */
  require(fields: RecordField | readonly RecordField[], on?: boolean): void;
  /** Fields that cannot be changed. @param on False to take it back. */
  lock(fields: RecordField | readonly RecordField[], on?: boolean): void;
  /** Fields that are not shown. @param on False to take it back. */
  hide(fields: RecordField | readonly RecordField[], on?: boolean): void;
  /** Fields that are shown again. */
  show(fields: RecordField | readonly RecordField[]): void;
  /** Only these options are offered; null for all. */
  limit(field: RecordField, options: readonly (string | number)[] | null): void;
  /** Puts the cursor into a field. */
  focus(field: RecordField): void;
  /** Warns above the form. */
  warn(message: string): void;
  /** Warns at a field. */
  warn(field: RecordField, message: string): void;
  /** Tells something above the form. */
  info(message: string): void;
  /** Tells something at a field. */
  info(field: RecordField, message: string): void;
};

/** One record; null where it is not there or may not be seen. */
declare function get<E extends keyof Entities>(entity: E, id: string): Promise<Readonly<Entities[E]> | null>;

/** Records that fulfil conditions. @param options limit: 100 where it is not said, 1000 at most. orderBy: "name" or "value desc", or a list of such. */
declare function query<E extends keyof Entities>(entity: E, options?: { where?: Where<E>; orderBy?: string | string[]; limit?: number }): Promise<Readonly<Entities[E]>[]>;
