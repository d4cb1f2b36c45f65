import { address } from './address';
import { autonumber } from './autonumber';
import { barcode } from './barcode';
import { boolean } from './boolean';
import { children } from './children';
import { choice } from './choice';
import { choices } from './choices';
import { code } from './code';
import { color } from './color';
import { date } from './date';
import { datetime } from './datetime';
import { decimal } from './decimal';
import { duration } from './duration';
import { email } from './email';
import { file } from './file';
import { files } from './files';
import { float } from './float';
import { icon } from './icon';
import { integer } from './integer';
import { json } from './json';
import { links } from './links';
import { lookup } from './lookup';
import { markdown } from './markdown';
import { money } from './money';
import { multiline } from './multiline';
import { owner } from './owner';
import { parent } from './parent';
import { percent } from './percent';
import { person_name } from './person_name';
import { phone } from './phone';
import { rating } from './rating';
import { richtext } from './richtext';
import { secret } from './secret';
import { tags } from './tags';
import { text } from './text';
import { time } from './time';
import { url } from './url';
import { uuid } from './uuid';
import type { FieldRegistry, FieldUi } from './field-ui';

/** Every type that has a face, by the name that metadata gives it. */
const types: Record<string, FieldUi> = {
  text,
  multiline,
  richtext,
  email,
  phone,
  url,
  color,
  barcode,
  secret,
  integer,
  decimal,
  money,
  percent,
  float,
  rating,
  duration,
  date,
  datetime,
  time,
  boolean,
  choice,
  choices,
  tags,
  lookup,
  owner,
  links,
  parent,
  children,
  person_name,
  address,
  file,
  files,
  json,
  autonumber,
  uuid,
  code,
  markdown,
  icon,
};

/** The registry that screens ask. */
export function createFieldRegistry(): FieldRegistry {
  return new Map(Object.entries(types));
}
