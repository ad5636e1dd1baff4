import { InputError, readCsv, toNumbers, writeCsv } from "pullback-core";
import { describe, expect, test } from "vitest";
import { mutations, readsOrRefuses } from "./mutations.ts";

const rows = [
  [1, -2.5],
  [3e-4, 0.5],
];

describe("readCsv", () => {
  test.each([
    ["commas", "1,-2.5\n3e-4,.5\n"],
    ["semicolons", "1;-2.5\n3e-4;.5"],
    ["decimal commas between semicolons", "1;-2,5\n3e-4;0,5\n"],
    ["tabs", "1\t-2.5\n3e-4\t.5\n"],
    ["blanks, as numpy.savetxt writes", "  1.0 -2.5e+00\n3e-4   0.5  \n"],
    ["lines of Windows and a mark of the byte order", "\uFEFF1,-2.5\r\n3e-4,.5\r\n"],
    ["blanks around, empty lines, comments", "# two columns\n\n 1 , -2.5 \n\n3e-4,\t.5\n\n"],
    ["quotes", '"1",-2.5\n3e-4,"0.5" \n'],
    ["quotes between blanks", '"1" -2.5\n3e-4 "0.5" \n'],
  ])("reads %s", (_, text) => {
    const { header, values } = readCsv(text);
    expect(header).toBeUndefined();
    expect(values.shape).toEqual([2, 2]);
    expect(toNumbers(values)).toEqual(rows.flat());
  });

  test("reads a header, quoted where it holds the separator", () => {
    const { header, values } = readCsv('"z, first","say ""z1"""\n1,-2.5\n3e-4,.5\n');
    expect(header).toEqual(["z, first", 'say "z1"']);
    expect(toNumbers(values)).toEqual(rows.flat());
  });

  test("reads nan and inf as what they are", () => {
    expect(toNumbers(readCsv("nan,inf,-Infinity\n1,2,3").values).slice(0, 3)).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
  });

  test.each([
    ["an empty file", "\n \n", "csv: expected a table of numbers, got an empty file"],
    ["a header alone", "a,b\n", "csv: expected rows of numbers below the header, got none"],
    ["a row too short", "1,2\n3\n", "csv: line 2: expected 2 columns, got 1"],
    ["a row too long", "a,b\n\n1,2,3\n", "csv: line 3: expected 2 columns, got 3"],
    ["a word", "1,2\n3,four\n", 'csv: line 2, column 2: expected a number, got "four"'],
    ["an empty field", "1,2\n,4\n", 'csv: line 2, column 1: expected a number, got ""'],
    [
      "a slip in the first row",
      "1,2x\n3,4\n",
      'csv: line 1, column 2: expected a number, got "2x"',
    ],
    ["an open quote", '1,2\n"3,4\n', "csv: line 2, column 1: unclosed quote"],
    [
      "text after a quote",
      '"1"x,2\n',
      "csv: line 1, column 1: expected a separator after the quote",
    ],
    ["a hexadecimal number", "1,2\n0x10,4", 'csv: line 2, column 1: expected a number, got "0x10"'],
  ])("refuses %s", (_, text, message) => {
    expect(() => readCsv(text)).toThrow(InputError);
    expect(() => readCsv(text)).toThrow(message);
  });

  test("reads or refuses whatever is damaged", () => {
    const whole = new TextEncoder().encode('a,"b"\n1,-2.5\n"3e-4",.5\n1e300,nan\n');
    for (const damaged of mutations(whole, 3000))
      readsOrRefuses(() => readCsv(new TextDecoder().decode(damaged)));
  });

  test("does not slow down on long digits and many quotes", () => {
    const digits = `${"1".repeat(200_000)}x`;
    expect(() => readCsv(`1,2\n3,${digits}`)).toThrow("line 2, column 2");
    const quoted = Array.from({ length: 50_000 }, () => '"1"').join(",");
    expect(readCsv(quoted).values.shape).toEqual([1, 50_000]);
  });
});

describe("writeCsv", () => {
  test("writes what reads back as the same numbers", () => {
    const exact = [0.1 + 0.2, -1e-300];
    const text = writeCsv([...rows, exact], ["a, b", 'c"']);
    const { header, values } = readCsv(text);
    expect(header).toEqual(["a, b", 'c"']);
    expect(toNumbers(values)).toEqual([...rows.flat(), ...exact]);
  });
});
