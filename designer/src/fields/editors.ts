import { AddressEditor } from './address/editor';
import { AutoNumberEditor } from './autonumber/editor';
import { BarcodeEditor } from './barcode/editor';
import { BooleanEditor } from './boolean/editor';
import { ChildrenEditor } from './children/editor';
import { ChoiceEditor } from './choice/editor';
import { ChoicesEditor } from './choices/editor';
import { CodeEditor } from './code/editor';
import { ColorEditor } from './color/editor';
import { DateEditor } from './date/editor';
import { DateTimeEditor } from './datetime/editor';
import { DecimalEditor } from './decimal/editor';
import { DurationEditor } from './duration/editor';
import { EmailEditor } from './email/editor';
import { FileEditor } from './file/editor';
import { FilesEditor } from './files/editor';
import { FloatEditor } from './float/editor';
import { IconEditor } from './icon/editor';
import { IntegerEditor } from './integer/editor';
import { JsonEditor } from './json/editor';
import { LinksEditor } from './links/editor';
import { LookupEditor } from './lookup/editor';
import { MarkdownEditor } from './markdown/editor';
import { MoneyEditor } from './money/editor';
import { MultilineEditor } from './multiline/editor';
import { OwnerEditor } from './owner/editor';
import { ParentEditor } from './parent/editor';
import { PercentEditor } from './percent/editor';
import { PersonNameEditor } from './person_name/editor';
import { PhoneEditor } from './phone/editor';
import { RatingEditor } from './rating/editor';
import { RichTextEditor } from './richtext/editor';
import { TagsEditor } from './tags/editor';
import { TextEditor } from './text/editor';
import { TimeEditor } from './time/editor';
import { UrlEditor } from './url/editor';
import { UuidEditor } from './uuid/editor';
import type { FieldEditors } from './field-ui';

/** The editor of each type, by the name that metadata gives it. Apart from the registry: lists load no editors. */
export const editors: FieldEditors = {
  address: AddressEditor,
  autonumber: AutoNumberEditor,
  barcode: BarcodeEditor,
  boolean: BooleanEditor,
  children: ChildrenEditor,
  choice: ChoiceEditor,
  choices: ChoicesEditor,
  code: CodeEditor,
  color: ColorEditor,
  date: DateEditor,
  datetime: DateTimeEditor,
  decimal: DecimalEditor,
  duration: DurationEditor,
  email: EmailEditor,
  file: FileEditor,
  files: FilesEditor,
  float: FloatEditor,
  icon: IconEditor,
  integer: IntegerEditor,
  json: JsonEditor,
  links: LinksEditor,
  lookup: LookupEditor,
  markdown: MarkdownEditor,
  money: MoneyEditor,
  multiline: MultilineEditor,
  owner: OwnerEditor,
  parent: ParentEditor,
  percent: PercentEditor,
  person_name: PersonNameEditor,
  phone: PhoneEditor,
  rating: RatingEditor,
  richtext: RichTextEditor,
  tags: TagsEditor,
  text: TextEditor,
  time: TimeEditor,
  url: UrlEditor,
  uuid: UuidEditor,
};
