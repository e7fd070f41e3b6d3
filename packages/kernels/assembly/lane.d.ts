// What asconfig.json's `use` declares, for the editor.
declare type Lane = f32 | v128;
declare type Bits = i32 | v128;
declare type Wide = f64 | v128;
