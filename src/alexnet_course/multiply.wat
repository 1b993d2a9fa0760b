;; The product of two matrices, added to a third, for the page's engine: the innermost loops of the course.
;;
;; This is WebAssembly as text: the instructions of a small machine that every browser has inside. JavaScript
;; knows one kind of number, with 64 bits, and takes them one at a time. This machine also has vectors (v128):
;; four numbers of 32 bits that one instruction multiplies or adds. That makes the products of a network about
;; ten times as fast.
;;
;; A browser reads bytes, not this text; `python tools/make_multiply.py` writes them to multiply_bytes.js, and
;; multiply.js calls them. How to read it: (f32x4.mul a b) is the product of two vectors, `local` is a
;; variable, and an address is a number of bytes in one long memory, which JavaScript shares. A number has
;; 4 bytes.

(module
  ;; 256 pages of 64 KB at the start, of which a machine spends what is used. multiply.js makes it longer if a
  ;; product needs more; but once that has happened, JavaScript checks at each number of every array whether
  ;; its memory is still there.
  (memory (export "memory") 256)

  ;; A tile of the product: four rows by eight columns. Each row of the left matrix meets the same eight
  ;; columns of the right one; so all that is loaded is used often, and the 32 sums stay in eight vectors, in
  ;; registers, until they are finished. A larger tile would need more registers than many processors have.
  (func $tile
    (param $left i32)    ;; where the first of the four rows begins
    (param $row i32)     ;; bytes from one row to the next
    (param $column i32)  ;; bytes from one number of a row to the next
    (param $depth i32)   ;; numbers in a row, at least one
    (param $right i32)   ;; where the strip of eight columns begins: row after row, in one piece
    (param $out i32)     ;; where the first of four rows begins to which it is added
    (param $step i32)    ;; bytes from one of these rows to the next

    ;; The place of the number that comes next, in each of the four rows.
    (local $a i32) (local $b i32) (local $c i32) (local $d i32)
    ;; Eight numbers of the right matrix, and one of the left, four times.
    (local $near v128) (local $far v128) (local $number v128)
    ;; The sums: columns 0 to 3 and 4 to 7 of each row. They begin as zeros.
    (local $a-near v128) (local $a-far v128)
    (local $b-near v128) (local $b-far v128)
    (local $c-near v128) (local $c-far v128)
    (local $d-near v128) (local $d-far v128)

    (local.set $a (local.get $left))
    (local.set $b (i32.add (local.get $a) (local.get $row)))
    (local.set $c (i32.add (local.get $b) (local.get $row)))
    (local.set $d (i32.add (local.get $c) (local.get $row)))

    (loop $next
      (local.set $near (v128.load (local.get $right)))
      (local.set $far (v128.load offset=16 (local.get $right)))

      (local.set $number (v128.load32_splat (local.get $a)))
      (local.set $a-near (f32x4.add (local.get $a-near) (f32x4.mul (local.get $number) (local.get $near))))
      (local.set $a-far (f32x4.add (local.get $a-far) (f32x4.mul (local.get $number) (local.get $far))))

      (local.set $number (v128.load32_splat (local.get $b)))
      (local.set $b-near (f32x4.add (local.get $b-near) (f32x4.mul (local.get $number) (local.get $near))))
      (local.set $b-far (f32x4.add (local.get $b-far) (f32x4.mul (local.get $number) (local.get $far))))

      (local.set $number (v128.load32_splat (local.get $c)))
      (local.set $c-near (f32x4.add (local.get $c-near) (f32x4.mul (local.get $number) (local.get $near))))
      (local.set $c-far (f32x4.add (local.get $c-far) (f32x4.mul (local.get $number) (local.get $far))))

      (local.set $number (v128.load32_splat (local.get $d)))
      (local.set $d-near (f32x4.add (local.get $d-near) (f32x4.mul (local.get $number) (local.get $near))))
      (local.set $d-far (f32x4.add (local.get $d-far) (f32x4.mul (local.get $number) (local.get $far))))

      (local.set $a (i32.add (local.get $a) (local.get $column)))
      (local.set $b (i32.add (local.get $b) (local.get $column)))
      (local.set $c (i32.add (local.get $c) (local.get $column)))
      (local.set $d (i32.add (local.get $d) (local.get $column)))
      (local.set $right (i32.add (local.get $right) (i32.const 32)))

      ;; Once more, unless nothing is left of the depth.
      (br_if $next (local.tee $depth (i32.sub (local.get $depth) (i32.const 1)))))

    ;; Added to what lies there: this may be biases, or the products of an earlier part.
    (v128.store (local.get $out) (f32x4.add (v128.load (local.get $out)) (local.get $a-near)))
    (v128.store offset=16 (local.get $out)
      (f32x4.add (v128.load offset=16 (local.get $out)) (local.get $a-far)))
    (local.set $out (i32.add (local.get $out) (local.get $step)))
    (v128.store (local.get $out) (f32x4.add (v128.load (local.get $out)) (local.get $b-near)))
    (v128.store offset=16 (local.get $out)
      (f32x4.add (v128.load offset=16 (local.get $out)) (local.get $b-far)))
    (local.set $out (i32.add (local.get $out) (local.get $step)))
    (v128.store (local.get $out) (f32x4.add (v128.load (local.get $out)) (local.get $c-near)))
    (v128.store offset=16 (local.get $out)
      (f32x4.add (v128.load offset=16 (local.get $out)) (local.get $c-far)))
    (local.set $out (i32.add (local.get $out) (local.get $step)))
    (v128.store (local.get $out) (f32x4.add (v128.load (local.get $out)) (local.get $d-near)))
    (v128.store offset=16 (local.get $out)
      (f32x4.add (v128.load offset=16 (local.get $out)) (local.get $d-far))))

  ;; The whole product, tile by tile: down the rows for each strip, which stays in the cache meanwhile.
  (func (export "multiply")
    (param $left i32)    ;; where the left matrix begins
    (param $row i32)     ;; bytes from one row of it to the next
    (param $column i32)  ;; bytes from one column of it to the next: so it may also lie the other way round
    (param $rows i32)    ;; tiles from top to bottom, at least one
    (param $depth i32)   ;; columns of the left matrix, rows of the right one
    (param $right i32)   ;; where the strips of the right matrix begin
    (param $strips i32)  ;; how many there are, at least one
    (param $out i32)     ;; where the third matrix begins, in rows of whole strips

    (local $step i32) (local $i i32) (local $from i32) (local $to i32)

    (local.set $step (i32.mul (local.get $strips) (i32.const 32)))
    (loop $strip
      (local.set $i (local.get $rows))
      (local.set $from (local.get $left))
      (local.set $to (local.get $out))
      (loop $four
        (call $tile
          (local.get $from) (local.get $row) (local.get $column) (local.get $depth)
          (local.get $right) (local.get $to) (local.get $step))
        (local.set $from (i32.add (local.get $from) (i32.mul (local.get $row) (i32.const 4))))
        (local.set $to (i32.add (local.get $to) (i32.mul (local.get $step) (i32.const 4))))
        (br_if $four (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
      (local.set $right (i32.add (local.get $right) (i32.mul (local.get $depth) (i32.const 32))))
      (local.set $out (i32.add (local.get $out) (i32.const 32)))
      (br_if $strip (local.tee $strips (i32.sub (local.get $strips) (i32.const 1)))))))
