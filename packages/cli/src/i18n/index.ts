// The texts of the command line: en.json, ko.json and ja.json have the same keys (TypeScript checks it).
import { type Catalogs, createMessages } from '@descent/experiments';
import en from './en.json';
import ja from './ja.json';
import ko from './ko.json';

const catalogs: Catalogs<keyof typeof en> = { en, ko, ja };

/** Returns the text of a key, with `{name}` replaced by the value of that name. */
export const message = createMessages(catalogs);
