import { lazy } from 'react';
import { AutoNumberEditor } from './autonumber/editor';
import { BarcodeEditor } from './barcode/editor';
import { BooleanEditor } from './boolean/editor';
import { ChildrenEditor } from './children/editor';
import { ChoiceEditor } from './choice/editor';
import { DateEditor } from './date/editor';
import { DateTimeEditor } from './datetime/editor';
import { DecimalEditor } from './decimal/editor';
import { DurationEditor } from './duration/editor';
import { EmailEditor } from './email/editor';
import { FloatEditor } from './float/editor';
import { IntegerEditor } from './integer/editor';
import { LinksEditor } from './links/editor';
import { LookupEditor } from './lookup/editor';
import { MoneyEditor } from './money/editor';
import { MultilineEditor } from './multiline/editor';
import { OwnerEditor } from './owner/editor';
import { ParentEditor } from './parent/editor';
import { PercentEditor } from './percent/editor';
import { PersonNameEditor } from './person_name/editor';
import { PhoneEditor } from './phone/editor';
import { RatingEditor } from './rating/editor';
import { TextEditor } from './text/editor';
import { UrlEditor } from './url/editor';
import { UuidEditor } from './uuid/editor';
import type { FieldEditors } from './field-ui';

/**
 * The editor of each type, by the name that metadata gives it. Apart from the registry: lists load no editors; and a form
 * loads those that few forms have only when it has them.
 */
export const editors: FieldEditors = {
  address: lazy(async () => ({ default: (await import('./address/editor')).AddressEditor })),
  autonumber: AutoNumberEditor,
  barcode: BarcodeEditor,
  boolean: BooleanEditor,
  children: ChildrenEditor,
  choice: ChoiceEditor,
  choices: lazy(async () => ({ default: (await import('./choices/editor')).ChoicesEditor })),
  code: lazy(async () => ({ default: (await import('./code/editor')).CodeEditor })),
  color: lazy(async () => ({ default: (await import('./color/editor')).ColorEditor })),
  date: DateEditor,
  datetime: DateTimeEditor,
  decimal: DecimalEditor,
  duration: DurationEditor,
  email: EmailEditor,
  file: lazy(async () => ({ default: (await import('./file/editor')).FileEditor })),
  files: lazy(async () => ({ default: (await import('./files/editor')).FilesEditor })),
  float: FloatEditor,
  icon: lazy(async () => ({ default: (await import('./icon/editor')).IconEditor })),
  integer: IntegerEditor,
  json: lazy(async () => ({ default: (await import('./json/editor')).JsonEditor })),
  links: LinksEditor,
  lookup: LookupEditor,
  markdown: lazy(async () => ({ default: (await import('./markdown/editor')).MarkdownEditor })),
  money: MoneyEditor,
  multiline: MultilineEditor,
  owner: OwnerEditor,
  parent: ParentEditor,
  percent: PercentEditor,
  person_name: PersonNameEditor,
  phone: PhoneEditor,
  rating: RatingEditor,
  richtext: lazy(async () => ({ default: (await import('./richtext/editor')).RichTextEditor })),
  secret: lazy(async () => ({ default: (await import('./secret/editor')).SecretEditor })),
  tags: lazy(async () => ({ default: (await import('./tags/editor')).TagsEditor })),
  text: TextEditor,
  time: lazy(async () => ({ default: (await import('./time/editor')).TimeEditor })),
  url: UrlEditor,
  uuid: UuidEditor,
};
