/** What is used of pdfmake, which has no types of its own; those of the community bring in the types of a browser. */
declare module 'pdfmake' {
  /** Lines, tables and what they look like, as the documentation of the library names them. Lengths are points. */
  export interface Look {
    readonly fontSize?: number;
    readonly color?: string;
    readonly alignment?: 'left' | 'center';
    readonly margin?: readonly [left: number, top: number, right: number, bottom: number];
    readonly pageBreak?: 'before';
    /** How far the first line is moved in. */
    readonly leadingIndent?: number;
  }

  export interface Text extends Look {
    readonly text: string;
  }

  /** An empty object is a place that another cell covers. */
  export interface Cell extends Partial<Text> {
    readonly rowSpan?: number;
    readonly colSpan?: number;
    readonly verticalAlignment?: 'middle';
    readonly fillColor?: string;
  }

  export interface Table extends Look {
    readonly table: {
      readonly headerRows: number;
      readonly widths: readonly number[];
      readonly body: readonly (readonly Cell[])[];
      readonly dontBreakRows: boolean;
    };
    readonly layout: Readonly<
      Record<
        'hLineWidth' | 'vLineWidth' | 'paddingLeft' | 'paddingRight' | 'paddingTop' | 'paddingBottom',
        () => number
      >
    >;
  }

  export interface Definition {
    readonly pageSize: 'A4';
    readonly pageOrientation: 'portrait' | 'landscape';
    readonly pageMargins: readonly [left: number, top: number, right: number, bottom: number];
    readonly info: Readonly<Record<'title' | 'subject' | 'creator', string>>;
    readonly defaultStyle: { readonly font: string; readonly fontSize: number; readonly lineHeight: number };
    readonly content: readonly (Text | Table)[];
    readonly header?: () => Text;
    readonly footer: (page: number) => Text;
  }

  const pdfmake: {
    readonly virtualfs: { writeFileSync(name: string, content: Uint8Array): void };
    addFonts(fonts: Readonly<Record<string, { readonly normal: string }>>): void;
    setLocalAccessPolicy(isAllowed: (path: string) => boolean): void;
    setUrlAccessPolicy(isAllowed: (url: string) => boolean): void;
    createPdf(definition: Definition): { getBuffer(): Promise<Uint8Array> };
  };
  // biome-ignore lint/style/noDefaultExport: it is what the library has.
  export default pdfmake;
}
